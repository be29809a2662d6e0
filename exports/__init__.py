"""What a person takes along, made from the one experiment: spreadsheet, article, scripts, pictures and tables."""
