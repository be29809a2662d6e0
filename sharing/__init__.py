"""An experiment as something that can be sent: a document with a published schema, and a code for the address bar."""
