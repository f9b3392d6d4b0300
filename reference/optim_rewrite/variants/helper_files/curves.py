import matplotlib.pyplot as plt


def plot_curves(history):
    figure, axes = plt.subplots(layout="constrained")
    for name in sorted(history, key=list(history).index):
        x, y = zip(*enumerate(history[name]), strict=True)
        axes.plot(x, y, label=name, linestyle="--")
    axes.set_xlabel("$t$")
    axes.set_ylabel("loss, accuracy …")
    axes.grid()
    axes.legend(title="curves")
    return figure
