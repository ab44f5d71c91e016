"""What is sent that is no page: Atom, iCalendar, and the pictures that other sites show."""
