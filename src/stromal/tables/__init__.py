"""How rules are written, proved, compiled, decided and explained; knows nothing of medicine."""
