"""What tests share: twins of the outside, made data, and stories that several tests tell."""
