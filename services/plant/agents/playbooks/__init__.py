"""Playbooks: what a skill takes, gives, and must never do, in a front matter that is checked, and prose for people."""
