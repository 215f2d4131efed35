//! Every flow over the real router, refusals first.

mod code;
