def test_nothing():
    raise SystemExit
