"""One line per event, as text or JSON, without personal data. Standard library only: gunicorn uses it before Django."""

import json
import logging
import re
from datetime import datetime

#: Identity and bank cards, telephones, e-mail and network addresses; what an error message quotes of a row.
_PERSONAL = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]|\d{16,19}|1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]*[0-9a-fA-F]"
    r"|(?<=[?&])[\w-]+=[^\s&\"']+"
)
_ROW = re.compile(r"(DETAIL: +[^\n]*?)=\([^\n]*\)")


def masked(text: str) -> str:
    return _PERSONAL.sub("***", _ROW.sub(r"\1=(***)", text))


class LineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """`time` (ISO 8601 with zone), `level`, `logger`, `message`, and where there is one `error` with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "traceback": masked(self.formatException(record.exc_info))}
        status = getattr(record, "status_code", None)
        return json.dumps(line | ({"status": status} if status else {}), ensure_ascii=False, default=str)
