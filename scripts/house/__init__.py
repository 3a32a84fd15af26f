"""The law of the house and the checks that hold it; scripts/check_house.py runs them."""
