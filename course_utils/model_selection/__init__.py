"""Grid searches: what they cost, which parameters do nothing, from coarse to fine, stacked."""
