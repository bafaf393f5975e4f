"""Pure: what people type to find records -> what is looked for; where its words stand in a text."""
