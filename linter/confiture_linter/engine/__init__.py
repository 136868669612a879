"""Runs rules over a schema: order, dispatch, suppression, baseline, cache; the only place that sorts."""
