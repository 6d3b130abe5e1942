"""From a finished run folder to a dataset on the Hub. Makes no call to a teacher."""
