"""Production: the wiring of the roles; the only orchestrator."""
