"""May a new model take the current one's place?"""
