//! Claims about chunks, on outlines made by hand.

mod cases;
mod cutting;
mod drift;
mod harness;
mod naming;
mod properties;
mod regions;
mod texts;
