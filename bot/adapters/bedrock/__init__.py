"""Connects to Amazon Bedrock and the AWS services around it."""
