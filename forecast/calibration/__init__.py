"""How the committed tables are learned: reference panels in, ``data/calibration.json`` out.

In: public reference panels, past forecasts of others. Out: weights and spread of the ensemble, the
slope of the calibration map, the weight of outside forecasts. Only ``forecast calibrate`` runs it.
"""
