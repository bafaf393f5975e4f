"""The doors to models: language models through litellm, embeddings through sentence_transformers.

Nothing here knows a record, a review or the database, and importing anything here loads neither litellm nor torch.
"""
