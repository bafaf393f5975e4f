"""Order and opinion without a language model: pure, seeded, offline. scikit-learn is loaded only when used."""
