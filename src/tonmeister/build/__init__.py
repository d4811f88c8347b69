"""The build: recipes, digests, store, receipts, executors. Knows no music."""
