"""What is measured of the cameras' eyes: faults put into real clips, costs per frame, false events an hour."""
