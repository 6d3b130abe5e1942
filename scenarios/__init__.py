"""The built-in scenario definitions: YAML files in group folders, checked by scenario.schema.json."""
