"""placeholder, replaced by helper"""
