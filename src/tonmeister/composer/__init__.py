"""The composer: form, harmony, tune."""
