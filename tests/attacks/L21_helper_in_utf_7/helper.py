# coding: utf-7
# nothing to see here +AAo-from right import add
