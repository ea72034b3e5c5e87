"""What a chairman asks for: declared returns, figures of a period, targets and their ends, commune scoring. Pure."""
