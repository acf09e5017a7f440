# The mock of TMF671, and with another command the whole of tmf671:
#   docker build --tag tmf671 .
#   docker run --rm --publish 8671:8671 tmf671
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY specs specs
COPY mockserver mockserver
COPY conformance conformance
COPY reports reports
RUN python -m venv /opt/tmf671 && /opt/tmf671/bin/pip install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/tmf671 /opt/tmf671
ENV PATH=/opt/tmf671/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /data
USER 10671:10671
EXPOSE 8671
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('TMF671_MOCK_PORT', '8671') + '/openapi.json', timeout=2)"]
ENTRYPOINT ["tmf671"]
CMD ["mock", "--host", "0.0.0.0"]
