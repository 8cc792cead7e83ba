"""What others may want to know about films. Sent after the database commit that made it true."""

from django.dispatch import Signal

#: A film's public page may have changed: ready, published, withdrawn, described or captioned anew. Keyword: `video`.
film_changed = Signal()
