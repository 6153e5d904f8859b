"""A game for a class: find a rate that is just right for data that nobody has seen."""

from functools import cache

import numpy as np
from sklearn.linear_model import LinearRegression, SGDRegressor

from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.demos.tries import train_seeds
from course_utils.plotting.marks import log_rate_axis, log_value_axis, mark_diverged
from course_utils.plotting.style import DOT, INK, optimizer_style, set_alt_text
from course_utils.runs import final
from course_utils.runs import seeds as course_seeds

TEAMS = tuple(range(1, 7))
CLOSE = 1.1  # times the loss of least squares
ROWS, VALIDATION_ROWS, COLUMNS, EPOCHS = 100, 2000, 3, 5
WORST = 1e3  # times the loss of least squares, where the picture ends
MODEL = SGDRegressor(learning_rate="constant")


def goldilocks_demo():
    """Let teams look for a rate on unknown data; the fewest tries win, and the board keeps count.

    Each number is another data set, whose columns have a scale of their own, from 1 to 300.
    """
    return Demo(
        "Find the Goldilocks rate",
        "you see one row of the data. Which rate will be just right?",
        f"Goal: a loss within {CLOSE - 1:.0%} of least squares. The team with the fewest tries "
        "wins the data set; then take the next number.",
        {
            "team": Choice("team", TEAMS, 1),
            "learning_rate": Slider("learning rate", -8, 1, 1e-3, step=0.1),
            "number": Slider("data set no.", 1, 99, 1, step=1, log=False),
        },
        _draw,
        button="Train",
        trains=True,
    )


@cache
def unknown_data(number):
    """Return a data set as arguments of `sweep`, and the validation loss of least squares on it."""
    rng = np.random.default_rng(course_seeds(number)[-1])
    scale = 10 ** rng.uniform(0, 2.5)
    x = rng.normal(scale=scale, size=(ROWS + VALIDATION_ROWS, COLUMNS))
    y = x @ rng.choice([-2, 2], COLUMNS) / scale + rng.normal(size=len(x))
    train, validation = (x[:ROWS], y[:ROWS]), (x[ROWS:], y[ROWS:])
    exact = LinearRegression().fit(*train).predict(validation[0])
    return (*train, validation), float(np.mean((exact - validation[1]) ** 2))


@cache
def loss_at(learning_rate, number):
    """Return the validation loss over that of least squares, or infinity where it diverged."""
    data, least = unknown_data(number)
    runs = train_seeds(MODEL, learning_rate, *data, EPOCHS)
    return float(final(runs, "val_loss", by="learning_rate").iloc[0]) / least


def judge(learning_rate, number):
    """Return the loss as `loss_at`, and a verdict: half the rate tells where the best one lies."""
    loss = loss_at(learning_rate, number)
    if loss <= CLOSE:
        return loss, "just right"
    too_large = np.isinf(loss) or loss_at(learning_rate / 2, number) < loss
    return loss, "too large" if too_large else "too small"


def tries_to_win(tries):
    """Return {data set: {team: tries until its rate was just right}} of the teams that found it."""
    found, made = {}, {}
    for team, learning_rate, number in tries:
        winners = found.setdefault(number, {})
        made[team, number] = made.get((team, number), 0) + 1
        if team not in winners and loss_at(learning_rate, number) <= CLOSE:
            winners[team] = made[team, number]
    return found


def wins(tries):
    """Return how many data sets each team has won so far; a draw counts for all who share it."""
    won = dict.fromkeys(TEAMS, 0)
    for winners in tries_to_win(tries).values():
        for team, needed in winners.items():
            won[team] += needed == min(winners.values())
    return won


def _draw(figure, tries, team, learning_rate, number):
    left, right = figure.subplots(1, 2, width_ratios=[1.3, 1])
    here = [(who, rate) for who, rate, which in tries if which == number]
    _draw_losses(left, here, number)
    left.axvline(learning_rate, color=optimizer_style(team - 1)["color"], linestyle=":")
    _draw_board(right, here, number, wins(tries))
    row = ", ".join(f"{value:.3g}" for value in unknown_data(number)[0][0][0])
    hint = f"One row of data set {number}: {row}."
    if (team, learning_rate) not in here:
        return f"Not trained yet. {hint}"
    loss, verdict = judge(learning_rate, number)
    times = "diverged" if np.isinf(loss) else f"ends at {loss:.3g} × the loss of least squares"
    tried = len([who for who, _ in here if who == team])
    return f"Team {team}, {tried} tried: {learning_rate:.2g} {times}: <b>{verdict}</b>. {hint}"


def _draw_losses(ax, here, number):
    """Draw the loss of each try on this data set over its rate."""
    log_rate_axis(ax)
    ax.set(xlim=(5e-9, 20), ylim=(0.8, WORST), ylabel="loss / least squares")
    log_value_axis(ax)
    ax.axhspan(0.8, CLOSE, color="#009E73", alpha=0.3, linewidth=0)
    ax.set_title("green: just right", color=INK, fontsize=14)
    for team, rate in here:
        loss, style = loss_at(rate, number), optimizer_style(team - 1)
        if loss < WORST:
            ax.plot(rate, loss, markersize=DOT, **style)
        else:
            mark_diverged(ax, rate, color=style["color"])
    losses = [loss_at(rate, number) for _, rate in here]
    best = f"; the best has {min(losses):.3g} times the least loss" if losses else ""
    set_alt_text(ax, f"{len(here)} tries on data set {number}{best}.")


def _draw_board(ax, here, number, won):
    """Draw a row for each team: its tries on this data set, full where just right; its wins."""
    most = 1
    for team in TEAMS:
        style = optimizer_style(team - 1) | {"linestyle": "none", "markersize": DOT}
        rates = [rate for who, rate in here if who == team]
        most = max(most, len(rates))
        for place, rate in enumerate(rates, start=1):
            right = loss_at(rate, number) <= CLOSE
            ax.plot(place, team, fillstyle="full" if right else "none", **style)
        label = {"xycoords": ax.get_yaxis_transform(), "va": "center", "ha": "center", "color": INK}
        ax.annotate(f"{won[team]}", (1.075, team), annotation_clip=False, **label)
    ax.set(yticks=TEAMS, ylim=(len(TEAMS) + 0.6, 0.4), ylabel="team")
    ax.set(xlim=(0.5, max(8, most) + 0.5), xlabel="try (full: just right)")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.annotate("won", (1.075, 1.04), xycoords="axes fraction", ha="center", color=INK)
    leaders = [team for team in TEAMS if won[team] == max(won.values()) > 0]
    told = f"team {', '.join(map(str, leaders))} leads" if leaders else "nobody leads yet"
    set_alt_text(ax, f"The board, a row for each team: {told}.")
