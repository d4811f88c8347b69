"""The musicians: from written parts to performances."""
