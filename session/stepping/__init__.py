"""Running a procedure one step at a time: the plan, breakpoints and the stepper."""
