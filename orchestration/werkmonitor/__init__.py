"""Werkmonitor: from the registrations of a werkbedrijf to a published, verifiable release of figures."""
