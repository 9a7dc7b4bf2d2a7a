"""The database: what the desk knows, and the only place that speaks SQL for the stages."""
