"""The grammar that composer, scripts and lessons share."""
