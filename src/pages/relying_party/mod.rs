//! A small relying party.
