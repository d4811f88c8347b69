"""The engineer: mix, master, listening back."""
