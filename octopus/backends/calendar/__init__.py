"""The owner's calendars: files in the iCalendar format (RFC 5545), read and never written."""

from octopus.backends.calendar.files import CalendarFiles

__all__ = ["CalendarFiles"]
