"""How good the data are that an answer rests on."""
