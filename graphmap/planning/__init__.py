"""What would be if: departures, handovers, coverage. Pure: a scored moment in, arrays and plans out; no store, no clock."""
