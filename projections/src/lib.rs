//! What may be asked: read models, their tables and their queries.
