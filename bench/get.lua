-- GET /stats.
wrk.method = "GET"
wrk.path = "/api/v1/stats"
