"""Where records stand at a stage, and what people said of each."""
