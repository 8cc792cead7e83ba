"""The planner's addresses. Areas come last: their slugs are free text."""

from django.urls import path

from campaigns.views import artwork, bench, closing, compare, data, plans, posting, schedule

app_name = "campaigns"
urlpatterns = [
    path("", bench.home, name="planner"),
    path("artworks/<int:pk>/", artwork.artwork, name="artwork"),
    path("artworks/<int:pk>/approve/", artwork.approve, name="approve_artwork"),
    path("artworks/<int:pk>/face.png", artwork.face, name="artwork_face"),
    path("artworks/<int:pk>/original", artwork.original, name="artwork_original"),
    path("bookings/", schedule.bookings, name="bookings"),
    path("bookings/<int:pk>/", schedule.booking, name="booking"),
    path("bookings/<int:pk>/cancel/", schedule.cancel, name="cancel_booking"),
    path("bookings/<int:pk>/<slug:deed>/", posting.street, name="street"),
    path("campaigns/<int:pk>/artwork/", artwork.artworks, name="artworks"),
    path("campaigns/<int:pk>/closing/", closing.closing, name="closing"),
    path("campaigns/<int:pk>/codes.zip", artwork.code_archive, name="code_archive"),
    path("campaigns/<int:pk>/compute/", bench.compute_saved, name="compute_saved"),
    path("campaigns/<int:pk>/money/", schedule.money, name="money"),
    path("campaigns/<int:pk>/posting/", posting.posting, name="posting"),
    path("campaigns/<int:pk>/posting/crews/", posting.crews, name="crews"),
    path("closings/<int:pk>/", closing.kept, name="closing_kept"),
    path("closings/<int:pk>/report.html", closing.closing_file, name="closing_file"),
    path("codes/<slug:code>.<slug:kind>", artwork.code_file, name="code_file"),
    path("jobs/<int:pk>/status.json", data.job_status, name="job_status"),
    path("plans/<int:pk>/", bench.plan, name="plan"),
    path("plans/<int:pk>/report/", plans.report, name="report"),
    path("plans/<int:pk>/approve/", plans.approve, name="approve"),
    path("plans/<int:pk>/book/", plans.book, name="book"),
    path("plans/<int:first>/compare/<int:second>/", compare.compare, name="compare"),
    path("plans/<int:pk>/hold/", schedule.hold, name="hold"),
    path("plans/<int:pk>/release/", schedule.release, name="release"),
    path("plans/<int:pk>/flights.ics", schedule.calendar_file, name="plan_calendar"),
    path("plans/<int:pk>/map.html", plans.map_file, name="plan_map"),
    path("plans/<int:pk>/picks.geojson", plans.geojson_file, name="plan_geojson"),
    path("plans/<int:pk>/picks.csv", plans.csv_file, name="plan_csv"),
    path("plans/<int:pk>/picks/<int:order>/", bench.mark, name="mark"),
    path("proofs/<int:pk>/", posting.proof, name="proof"),
    path("proofs/<int:pk>/judge/", posting.judge, name="judge_proof"),
    path("proofs/<int:pk>/photo.jpg", posting.photo, name="proof_photo"),
    path("<slug:area>/", bench.area, name="area"),
    path("<slug:area>/compute/", bench.compute, name="compute"),
    path("<slug:area>/layers.json", data.layers, name="layers"),
    path("<slug:area>/tables/", data.tables, name="tables"),
]
