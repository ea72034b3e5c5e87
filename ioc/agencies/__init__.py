"""Who must act: agencies, which of them answers for what, and who is on duty there."""
