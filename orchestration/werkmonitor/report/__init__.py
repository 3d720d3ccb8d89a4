"""The report: from a release's own files to a model (headlines, figures, tables, sentences), and from that to pages.

What belongs here: reading a release, saying its figures in plain Dutch, drawing them, writing the site. The PDF reads
the same model (`model.py`). What does not: computing a measure (dbt), masking (core/disclosure), deciding what is
published (core/gate). No page reads anything but the release folder it stands in.
"""
