"""The alt text of pictures of runs, made from their numbers."""

from course_utils.plotting.style import rate_label


def curve_words(final, measure, rate):
    """Return how the runs of a rate end."""
    name = f"val_{measure}" if f"val_{measure}" in final else measure
    words = f"Rate {rate_label(rate)}: {name} ends at {final[name].median():.3g}"
    if "status" not in final:
        return words + "."
    fates = ", ".join(f"{n} {status}" for status, n in final["status"].value_counts().items())
    return f"{words} ({fates})."


def sweep_words(measure, band, shares, baselines, limits):
    """Return what a picture of final values against rates shows."""
    words = [f"{measure} after training against learning rate."]
    words += [f"{rate_label(rate)}: {row['median']:.3g}." for rate, row in band.iterrows()]
    words += [
        f"{rate_label(rate)}: {count} of {size} runs diverged."
        for rate, (count, size) in shares[shares["sum"] > 0].iterrows()
    ]
    words += [f"Baseline {name}: {value:.3g}." for name, value in baselines.items()]
    words += [f"Predicted limit {name} = {rate_label(rate)}." for name, rate in limits.items()]
    return " ".join(words)
