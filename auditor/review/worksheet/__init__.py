"""Reviews in a spreadsheet: two worksheets, the first without the model's answer, and back."""
