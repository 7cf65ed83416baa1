//! The exam in a real browser. Every page passed is kept as a picture in `target/pictures`, and looked at as those need it
//! who see little, see it large, or use a telephone.
//!
//! - `exam`: the whole exam, from the sign-in to the letter, with everybody who takes part;
//! - `keyboard`: the whole exam without a pointer;
//! - `trouble`: the network cut, the tab and the server killed, the device changed;
//! - `switch`: several pages on one part, some of them without a network or without events;
//! - `standstill`: the room paused, and what a proctor says and decides;
//! - `practice`: practising, and the check of the device before the day;
//! - `samples`: every view in every state.

mod driver;
mod exam;
mod keyboard;
mod look;
mod practice;
mod samples;
mod stage;
mod standstill;
mod switch;
mod trouble;
