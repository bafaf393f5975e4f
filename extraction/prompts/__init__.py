"""What a model is asked for the cells of a study, and what its reply is taken for: pure (EXT-04)."""
