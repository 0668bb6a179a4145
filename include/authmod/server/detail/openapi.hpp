// SPDX-License-Identifier: BSL-1.0
// Layer 7. The description of the HTTP interface (OpenAPI 3.1), as `GET /api/openapi.json` gives it. tests/server holds
// it against the tables of routes, tests/programs against what the running server answers.
#pragma once

#include <string_view>

namespace authmod {

inline constexpr std::string_view openapi_document = R"openapi({
  "openapi": "3.1.0",
  "info": {
    "title": "authmod login_server",
    "version": "0.1.0",
    "license": {"name": "BSL-1.0", "identifier": "BSL-1.0"},
    "description": "Modules, accounts, groups, services and the audit of a login server, and the routes of people beside them. Every route answers other methods with 405 and Allow; GET answers HEAD too. Bodies are at most 1 MiB (413), request heads 16 KiB (431, 414). Every answer carries Content-Security-Policy, X-Content-Type-Options, Referrer-Policy and Cache-Control."
  },
  "servers": [{"url": "/"}],
  "security": [{"adminToken": []}, {"adminCookie": [], "csrf": []}, {"session": [], "csrf": []}],
  "tags": [
    {"name": "modules", "description": "auth modules and their settings"},
    {"name": "accounts", "description": "people"},
    {"name": "groups", "description": "groups and memberships"},
    {"name": "services", "description": "programs that exchange tokens"},
    {"name": "scim", "description": "identity providers that provision over SCIM (/scim/v2 describes itself)"},
    {"name": "audit", "description": "who changed what"},
    {"name": "about", "description": "the interface itself"},
    {"name": "people", "description": "what browsers and proxies of people ask"}
  ],
  "paths": {
    "/api/session": {
      "get": {
        "operationId": "showSession",
        "summary": "Who administrates",
        "tags": ["about"],
        "responses": {
          "200": {
            "description": "Whoever asks.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Session"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/openapi.json": {
      "get": {
        "operationId": "showDescription",
        "summary": "This document",
        "tags": ["about"],
        "responses": {
          "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/providers": {
      "get": {
        "operationId": "listProviders",
        "summary": "What a module can be made of",
        "tags": ["about"],
        "responses": {
          "200": {
            "description": "All of them.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Provider"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules": {
      "get": {
        "operationId": "listModules",
        "summary": "All modules, in the order of the login page",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "All of them.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Module"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createModule",
        "summary": "Make a module; it starts disabled",
        "tags": ["modules"],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewModule"}}}},
        "responses": {
          "201": {
            "description": "It is there.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}},
            "headers": {"Location": {"schema": {"type": "string"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showModule",
        "summary": "One module",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "patch": {
        "operationId": "changeModule",
        "summary": "Change settings; they act at once",
        "tags": ["modules"],
        "requestBody": {
          "required": true,
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ModuleChanges"}}}
        },
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "delete": {
        "operationId": "removeModule",
        "summary": "Remove a module; sessions and tokens that came through it end",
        "tags": ["modules"],
        "parameters": [
          {
            "name": "successor",
            "in": "query",
            "description": "id of a module of the same provider and client that takes over the links; without one they go",
            "schema": {"type": "string"}
          },
          {
            "name": "force",
            "in": "query",
            "description": "remove the last way in all the same",
            "schema": {"enum": ["true", "false"]}
          }
        ],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/enable": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "enableModule",
        "summary": "Let people log in through it",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/disable": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "disableModule",
        "summary": "Let nobody log in through it; ends no session",
        "tags": ["modules"],
        "parameters": [
          {
            "name": "force",
            "in": "query",
            "description": "switch off the last way in all the same",
            "schema": {"enum": ["true", "false"]}
          }
        ],
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/make-default": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "makeDefault",
        "summary": "Send visitors straight to it; another default is cleared",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/clear-default": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "clearDefault",
        "summary": "Show visitors the login page",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "The module as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Module"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/accounts": {
      "get": {
        "operationId": "listAccounts",
        "summary": "Accounts, by id",
        "tags": ["accounts"],
        "parameters": [
          {
            "name": "after",
            "in": "query",
            "description": "id that the page before ended with",
            "schema": {"type": "string"}
          },
          {
            "name": "limit",
            "in": "query",
            "description": "rows of one page",
            "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
          },
          {
            "name": "search",
            "in": "query",
            "description": "what the user name or the email begins with",
            "schema": {"type": "string"}
          },
          {"name": "group", "in": "query", "description": "id of a group: its members", "schema": {"type": "string"}},
          {
            "name": "module",
            "in": "query",
            "description": "id of a module: people linked through it",
            "schema": {"type": "string"}
          }
        ],
        "responses": {
          "200": {
            "description": "One page.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Account"}},
                    "next": {"type": ["string", "null"], "description": "send it as `after` to go on"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createAccount",
        "summary": "Make an account by hand",
        "tags": ["accounts"],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewAccount"}}}},
        "responses": {
          "201": {
            "description": "It is there.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Account"}}},
            "headers": {"Location": {"schema": {"type": "string"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/accounts/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showAccount",
        "summary": "One account",
        "tags": ["accounts"],
        "responses": {
          "200": {
            "description": "The account as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AccountDetails"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "patch": {
        "operationId": "changeAccount",
        "summary": "Ban, lift a ban, set the verified state; a ban ends sessions",
        "tags": ["accounts"],
        "requestBody": {
          "required": true,
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AccountChanges"}}}
        },
        "responses": {
          "200": {
            "description": "The account as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AccountDetails"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "delete": {
        "operationId": "removeAccount",
        "summary": "Remove an account with its links and sessions",
        "tags": ["accounts"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/groups": {
      "get": {
        "operationId": "listGroups",
        "summary": "All groups, by name",
        "tags": ["groups"],
        "responses": {
          "200": {
            "description": "All of them.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Group"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createGroup",
        "summary": "Make a group",
        "tags": ["groups"],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewGroup"}}}},
        "responses": {
          "201": {
            "description": "It is there.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Group"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/groups/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "delete": {
        "operationId": "removeGroup",
        "summary": "Remove a group that is not built in",
        "tags": ["groups"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/groups/{id}/members/{account}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "put": {
        "operationId": "addMember",
        "summary": "Put an account into a group",
        "tags": ["groups"],
        "parameters": [{"name": "account", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "delete": {
        "operationId": "removeMember",
        "summary": "Take an account out of a group",
        "tags": ["groups"],
        "parameters": [{"name": "account", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/audit": {
      "get": {
        "operationId": "listAudit",
        "summary": "Who changed what, newest first",
        "tags": ["audit"],
        "parameters": [
          {"name": "module", "in": "query", "description": "id of a module", "schema": {"type": "string"}},
          {"name": "author", "in": "query", "schema": {"type": "string"}},
          {"name": "event", "in": "query", "schema": {"type": "string"}},
          {"name": "target", "in": "query", "description": "id of what changed", "schema": {"type": "string"}},
          {
            "name": "from",
            "in": "query",
            "description": "rows of this time and later",
            "schema": {"type": "string", "format": "date-time"}
          },
          {
            "name": "until",
            "in": "query",
            "description": "rows before this time",
            "schema": {"type": "string", "format": "date-time"}
          },
          {
            "name": "before",
            "in": "query",
            "description": "rows with a smaller number",
            "schema": {"type": "integer", "minimum": 1}
          },
          {
            "name": "limit",
            "in": "query",
            "description": "rows of one page",
            "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
          }
        ],
        "responses": {
          "200": {
            "description": "One page.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AuditRows"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/audit/export": {
      "get": {
        "operationId": "exportAudit",
        "summary": "The same as a file of at most 10,000 rows",
        "tags": ["audit"],
        "parameters": [
          {"name": "module", "in": "query", "description": "id of a module", "schema": {"type": "string"}},
          {"name": "author", "in": "query", "schema": {"type": "string"}},
          {"name": "event", "in": "query", "schema": {"type": "string"}},
          {"name": "target", "in": "query", "description": "id of what changed", "schema": {"type": "string"}},
          {
            "name": "from",
            "in": "query",
            "description": "rows of this time and later",
            "schema": {"type": "string", "format": "date-time"}
          },
          {
            "name": "until",
            "in": "query",
            "description": "rows before this time",
            "schema": {"type": "string", "format": "date-time"}
          },
          {
            "name": "before",
            "in": "query",
            "description": "rows with a smaller number",
            "schema": {"type": "integer", "minimum": 1}
          }
        ],
        "responses": {
          "200": {
            "description": "The file.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AuditRows"}}},
            "headers": {"Content-Disposition": {"schema": {"type": "string"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/": {
      "get": {
        "operationId": "home",
        "summary": "The page of whoever is signed in",
        "tags": ["people"],
        "responses": {
          "200": {"description": "The page.", "content": {"text/html; charset=utf-8": {"schema": {"type": "string"}}}},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/login": {
      "get": {
        "operationId": "chooseLogin",
        "summary": "The login page, or straight on to the default module",
        "tags": ["people"],
        "parameters": [
          {
            "name": "return_to",
            "in": "query",
            "description": "path of this site to go to after the login",
            "schema": {"type": "string"}
          },
          {"name": "choose", "in": "query", "description": "`1`: always the page", "schema": {"type": "string"}}
        ],
        "responses": {
          "200": {
            "description": "A button per enabled module.",
            "content": {"text/html; charset=utf-8": {"schema": {"type": "string"}}}
          },
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "400": {"$ref": "#/components/responses/Page"},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/login/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "startLogin",
        "summary": "On to the provider",
        "tags": ["people"],
        "parameters": [
          {
            "name": "return_to",
            "in": "query",
            "description": "path of this site to go to after the login",
            "schema": {"type": "string"}
          }
        ],
        "responses": {
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "400": {"$ref": "#/components/responses/Page"},
          "403": {"$ref": "#/components/responses/Page"},
          "404": {"$ref": "#/components/responses/Page"},
          "429": {"$ref": "#/components/responses/TooOften"},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/callback/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "finishLogin",
        "summary": "Where the provider sends browsers back to",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "The report of a test login.",
            "content": {"text/html; charset=utf-8": {"schema": {"type": "string"}}}
          },
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "400": {"$ref": "#/components/responses/Page"},
          "403": {"$ref": "#/components/responses/Page"},
          "404": {"$ref": "#/components/responses/Page"},
          "429": {"$ref": "#/components/responses/TooOften"},
          "502": {"$ref": "#/components/responses/Page"},
          "503": {"$ref": "#/components/responses/Page"},
          "504": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/me": {
      "get": {
        "operationId": "me",
        "summary": "The account of the session",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "Who it is.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["id", "username", "full_name", "email", "email_verified", "avatar", "groups", "csrf"],
                  "properties": {
                    "id": {"type": "string"},
                    "username": {"type": "string"},
                    "full_name": {"type": "string"},
                    "email": {"type": ["string", "null"]},
                    "email_verified": {"type": "boolean"},
                    "avatar": {"type": ["string", "null"]},
                    "groups": {"type": "array", "items": {"type": "string"}},
                    "csrf": {
                      "type": ["string", "null"],
                      "description": "goes back in `X-CSRF-Token`; null: a token came along, no cookie"
                    }
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        },
        "security": [{"session": []}, {"accessToken": []}]
      }
    },
    "/verify": {
      "get": {
        "operationId": "verify",
        "summary": "Forward authentication for reverse proxies",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "Signed in.",
            "headers": {
              "X-Auth-User": {"description": "percent-encoded user name", "schema": {"type": "string"}},
              "X-Auth-Email": {"description": "percent-encoded", "schema": {"type": "string"}},
              "X-Auth-Email-Verified": {"schema": {"enum": ["true", "false"]}},
              "X-Auth-Groups": {"description": "comma-separated, each percent-encoded", "schema": {"type": "string"}}
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        },
        "security": [{"session": []}, {"accessToken": []}]
      }
    },
    "/logout": {
      "post": {
        "operationId": "logout",
        "summary": "End the session",
        "tags": ["people"],
        "requestBody": {
          "required": false,
          "content": {
            "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
          }
        },
        "responses": {
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "403": {"$ref": "#/components/responses/Page"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/backchannel-logout/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "logOutByProvider",
        "summary": "An OpenID provider ends sessions (OpenID Connect Back-Channel Logout 1.0)",
        "tags": ["people"],
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {"type": "object", "required": ["logout_token"], "properties": {"logout_token": {"type": "string"}}}
            }
          }
        },
        "responses": {
          "200": {"description": "The sessions that the token means are over."},
          "400": {
            "description": "The token is refused, or the logout failed.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object", "required": ["error", "error_description"], "additionalProperties": false,
                  "properties": {"error": {"const": "invalid_request"}, "error_description": {"type": "string"}}
                }
              }
            }
          },
          "413": {"$ref": "#/components/responses/TooLarge"},
          "429": {"$ref": "#/components/responses/TooManyRequests"}
        },
        "security": []
      }
    },
    "/avatars/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showAvatar",
        "summary": "The picture of an account",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "The picture.",
            "content": {"image/png": {}, "image/jpeg": {}, "image/gif": {}, "image/webp": {}}
          },
          "404": {"$ref": "#/components/responses/Page"},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/modules/{id}/image": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showModuleImage",
        "summary": "A module's own picture, or its provider's",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "The picture.",
            "content": {"image/png": {}, "image/jpeg": {}, "image/gif": {}, "image/webp": {}, "image/svg+xml": {}}
          },
          "404": {"$ref": "#/components/responses/Page"},
          "503": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/assets/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showAsset",
        "summary": "Style and icon of the pages",
        "tags": ["people"],
        "responses": {
          "200": {"description": "The file.", "content": {"text/css; charset=utf-8": {}, "image/svg+xml": {}}},
          "404": {"$ref": "#/components/responses/Page"}
        },
        "security": []
      }
    },
    "/healthz": {
      "get": {
        "operationId": "healthy",
        "summary": "Whether the process serves",
        "tags": ["people"],
        "responses": {"200": {"description": "It does.", "content": {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}}},
        "security": []
      }
    },
    "/readyz": {
      "get": {
        "operationId": "ready",
        "summary": "Whether the store answers too",
        "tags": ["people"],
        "responses": {
          "200": {"description": "It does.", "content": {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}},
          "503": {"$ref": "#/components/responses/Unavailable"}
        },
        "security": []
      }
    },
    "/metrics": {
      "get": {
        "operationId": "metrics",
        "summary": "Counts and durations, for whoever watches the service (OpenMetrics)",
        "tags": ["people"],
        "responses": {
          "200": {
            "description": "They hold nothing about persons.",
            "content": {"application/openmetrics-text; version=1.0.0; charset=utf-8": {"schema": {"type": "string"}}}
          }
        },
        "security": []
      }
    },
    "/admin/sign-in": {
      "post": {
        "operationId": "signIn",
        "summary": "Turn the admin token into a cookie of eight hours",
        "tags": ["about"],
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": ["token"],
                "properties": {"token": {"type": "string"}, "return_to": {"type": "string"}},
                "additionalProperties": false
              }
            }
          }
        },
        "responses": {
          "204": {"description": "Signed in (Accept: application/json)."},
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "401": {"$ref": "#/components/responses/NotSignedIn0"},
          "403": {
            "description": "The token is wrong, or the request comes from another site.",
            "content": {
              "text/html; charset=utf-8": {"schema": {"type": "string"}},
              "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
            }
          },
          "413": {"$ref": "#/components/responses/TooLarge"},
          "429": {"$ref": "#/components/responses/TooOften"}
        },
        "security": []
      }
    },
    "/admin/sign-out": {
      "post": {
        "operationId": "signOut",
        "summary": "End that cookie",
        "tags": ["about"],
        "responses": {
          "204": {"description": "Signed out (Accept: application/json)."},
          "303": {"description": "On to another page.", "headers": {"Location": {"schema": {"type": "string"}}}},
          "403": {"$ref": "#/components/responses/NotPermitted"}
        },
        "security": []
      }
    },
    "/api/accounts/{id}/end-sessions": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "endSessions",
        "summary": "Log the person out everywhere; ends tokens too",
        "tags": ["accounts"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/services": {
      "get": {
        "operationId": "listServices",
        "summary": "All services, by name",
        "tags": ["services"],
        "responses": {
          "200": {
            "description": "All of them.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Service"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createService",
        "summary": "Make a service; its secret is in this answer alone",
        "tags": ["services"],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewService"}}}},
        "responses": {
          "201": {
            "description": "It is there.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MadeService"}}},
            "headers": {"Location": {"schema": {"type": "string"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/services/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "delete": {
        "operationId": "removeService",
        "summary": "Remove a service; its tokens end",
        "tags": ["services"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/scim-clients": {
      "get": {
        "operationId": "listScimClients",
        "summary": "All SCIM clients, by name",
        "tags": ["scim"],
        "parameters": [
          {"name": "module", "in": "query", "description": "id of a module: its clients", "schema": {"type": "string"}}
        ],
        "responses": {
          "200": {
            "description": "All of them.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/ScimClient"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "operationId": "createScimClient",
        "summary": "Make a SCIM client; its bearer token is in this answer alone",
        "tags": ["scim"],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewScimClient"}}}},
        "responses": {
          "201": {
            "description": "It is there.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MadeScimClient"}}},
            "headers": {"Location": {"schema": {"type": "string"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/scim-clients/{id}": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "delete": {
        "operationId": "removeScimClient",
        "summary": "Remove a SCIM client; its tokens end, the accounts and groups it made stay",
        "tags": ["scim"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/scim-clients/{id}/requests": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "listScimRequests",
        "summary": "The last 20 requests of a SCIM client, newest first: those that this node answered since it started",
        "tags": ["scim"],
        "responses": {
          "200": {
            "description": "All that are kept; no query, body or token is.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["items", "next"],
                  "properties": {
                    "items": {"type": "array", "maxItems": 20, "items": {"$ref": "#/components/schemas/ScimRequest"}},
                    "next": {"type": "null"}
                  },
                  "additionalProperties": false
                }
              }
            }
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/scim-clients/{id}/rotate": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "rotateScimToken",
        "summary": "Make a new bearer token, in this answer alone; the one before it stays valid until the next",
        "tags": ["scim"],
        "parameters": [
          {"name": "end_others", "in": "query", "description": "true: all tokens before it end now", "schema": {"enum": ["true", "false"]}}
        ],
        "responses": {
          "200": {
            "description": "The new token.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewScimToken"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/scim-clients/{id}/tokens/{token}": {
      "parameters": [
        {"$ref": "#/components/parameters/id"},
        {"name": "token", "in": "path", "required": true, "description": "id of a token", "schema": {"type": "string"}}
      ],
      "delete": {
        "operationId": "revokeScimToken",
        "summary": "End a bearer token now",
        "tags": ["scim"],
        "responses": {
          "204": {"description": "Done."},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/test-login": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "post": {
        "operationId": "beginTestLogin",
        "summary": "Try the present settings, enabled or not; creates, changes and signs in nothing",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "Where this browser must go; the cookie that comes along lets it come back.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": ["location"],
                  "properties": {"location": {"type": "string", "format": "uri"}},
                  "additionalProperties": false
                }
              }
            },
            "headers": {"Set-Cookie": {"schema": {"type": "string"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/modules/{id}/test-result": {
      "parameters": [{"$ref": "#/components/parameters/id"}],
      "get": {
        "operationId": "showTestResult",
        "summary": "What the last test login found",
        "tags": ["modules"],
        "responses": {
          "200": {
            "description": "The report.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TestReport"}}}
          },
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/mapping/preview": {
      "post": {
        "operationId": "previewMapping",
        "summary": "What attribute paths make of answers at hand",
        "tags": ["modules"],
        "requestBody": {
          "required": true,
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PreviewRequest"}}}
        },
        "responses": {
          "200": {
            "description": "Values and what is wrong.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Preview"}}}
          },
          "400": {"$ref": "#/components/responses/Malformed"},
          "401": {"$ref": "#/components/responses/NotSignedIn"},
          "403": {"$ref": "#/components/responses/NotPermitted"},
          "429": {"$ref": "#/components/responses/TooManyRequests"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "422": {"$ref": "#/components/responses/Refused"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/oauth2/token": {
      "post": {
        "operationId": "issueToken",
        "summary": "A token of ours for a provider's access token: the extension grant of a module, or RFC 8693",
        "tags": ["services"],
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "anyOf": [
                  {
                    "type": "object",
                    "required": ["grant_type", "token"],
                    "properties": {
                      "grant_type": {"type": "string", "description": "a module's `extension_grant_type`"},
                      "token": {"type": "string", "description": "the provider's access token"},
                      "scope": {"type": "string"}
                    }
                  },
                  {
                    "type": "object",
                    "required": ["grant_type", "subject_token", "subject_token_type", "audience"],
                    "properties": {
                      "grant_type": {"const": "urn:ietf:params:oauth:grant-type:token-exchange"},
                      "subject_token": {"type": "string"},
                      "subject_token_type": {"const": "urn:ietf:params:oauth:token-type:access_token"},
                      "requested_token_type": {"const": "urn:ietf:params:oauth:token-type:access_token"},
                      "audience": {"type": "string", "description": "id of the module"},
                      "scope": {"type": "string"}
                    }
                  }
                ]
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "The token; shown this once.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Token"}}}
          },
          "400": {"$ref": "#/components/responses/GrantRefused"},
          "401": {"$ref": "#/components/responses/ServiceUnknown"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "503": {"$ref": "#/components/responses/GrantUnavailable"}
        },
        "security": [{"service": []}]
      }
    },
    "/oauth2/revoke": {
      "post": {
        "operationId": "revokeToken",
        "summary": "End a token of this service (RFC 7009)",
        "tags": ["services"],
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": ["token"],
                "properties": {"token": {"type": "string"}, "token_type_hint": {"type": "string"}}
              }
            }
          }
        },
        "responses": {
          "200": {"description": "It is no token of this service, or no longer."},
          "400": {"$ref": "#/components/responses/GrantRefused"},
          "401": {"$ref": "#/components/responses/ServiceUnknown"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "503": {"$ref": "#/components/responses/GrantUnavailable"}
        },
        "security": [{"service": []}]
      }
    }
  },
  "components": {
    "securitySchemes": {
      "adminToken": {"type": "http", "scheme": "bearer", "description": "the token of --admin-token-file"},
      "adminCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-authmod_admin",
        "description": "of POST /admin/sign-in; `authmod_admin` on a loopback http base"
      },
      "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-authmod_session",
        "description": "of a member of authmod-admins; `authmod_session` on a loopback http base"
      },
      "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "of GET /api/session; needed for everything but GET"
      },
      "service": {
        "type": "http",
        "scheme": "basic",
        "description": "id and secret of a service, each form-encoded first (RFC 6749 2.3.1)"
      },
      "accessToken": {"type": "http", "scheme": "bearer", "description": "of POST /oauth2/token"}
    },
    "parameters": {"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
    "responses": {
      "Malformed": {
        "description": "The body is not one JSON object, or says not which revision it changes.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {
                    "error": {"type": "object", "properties": {"code": {"enum": ["malformed_json", "revision_missing"]}}}
                  }
                }
              ]
            }
          }
        }
      },
      "NotSignedIn": {
        "description": "Nobody is known who asks.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {"error": {"type": "object", "properties": {"code": {"enum": ["not_signed_in"]}}}}
                }
              ]
            }
          }
        },
        "headers": {"WWW-Authenticate": {"schema": {"type": "string"}}}
      },
      "NotPermitted": {
        "description": "Whoever asks is no administrator, or the CSRF token is missing.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {"error": {"type": "object", "properties": {"code": {"enum": ["not_permitted", "csrf_refused"]}}}}
                }
              ]
            }
          }
        }
      },
      "TooManyRequests": {
        "description": "This address has been refused too often; the figures are in the README.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        "headers": {"Retry-After": {"schema": {"type": "string"}}}
      },
      "TooOften": {
        "description": "This address has asked too often; the figures are in the README.",
        "content": {
          "text/html; charset=utf-8": {"schema": {"type": "string"}},
          "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
        },
        "headers": {"Retry-After": {"schema": {"type": "string"}}}
      },
      "NotFound": {
        "description": "There is no such thing.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {"error": {"type": "object", "properties": {"code": {"enum": ["not_found"]}}}}
                }
              ]
            }
          }
        }
      },
      "Conflict": {
        "description": "Another change came first, the name is taken, or nobody could log in any more.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {
                    "error": {
                      "type": "object",
                      "properties": {"code": {"enum": ["revision_stale", "name_taken", "last_way_in", "store_conflict"]}}
                    }
                  }
                }
              ]
            }
          }
        }
      },
      "Refused": {
        "description": "A field fails its rule; `field` names it, `offset` the byte in it. Nothing was changed.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
      },
      "Unavailable": {
        "description": "The store does not answer.",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {
                    "error": {"type": "object", "properties": {"code": {"enum": ["store_unavailable", "random_failed"]}}}
                  }
                }
              ]
            }
          }
        },
        "headers": {"Retry-After": {"schema": {"type": "string"}}}
      },
      "Page": {
        "description": "A page that says what happened and what to do.",
        "content": {"text/html; charset=utf-8": {"schema": {"type": "string"}}}
      },
      "NotSignedIn0": {
        "description": "The token is wrong (Accept: application/json).",
        "content": {
          "application/json": {
            "schema": {
              "allOf": [
                {"$ref": "#/components/schemas/Error"},
                {
                  "type": "object",
                  "properties": {"error": {"type": "object", "properties": {"code": {"enum": ["not_signed_in"]}}}}
                }
              ]
            }
          }
        }
      },
      "GrantRefused": {
        "description": "The request, the token or the grant is refused.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/GrantError"}}}
      },
      "ServiceUnknown": {
        "description": "The service did not prove who it is.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/GrantError"}}},
        "headers": {"WWW-Authenticate": {"schema": {"type": "string"}}}
      },
      "GrantUnavailable": {
        "description": "The provider or the store does not answer.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/GrantError"}}},
        "headers": {"Retry-After": {"schema": {"type": "string"}}}
      },
      "TooLarge": {
        "description": "The body is longer than 1 MiB; the connection ends.",
        "content": {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}
      }
    },
    "schemas": {
      "Module": {
        "type": "object",
        "required": [
          "id", "type", "name", "enabled", "default", "order", "redirect_uri", "client_secret_set",
          "button_image_set", "missing", "warnings", "client_id", "public_client", "scopes", "authorization_url",
          "token_url", "user_info_url", "logout_url", "email_url", "avatar_url", "groups_url", "issuer", "jwks_url",
          "server_url", "realm", "tenant", "okta_domain", "allowed_workspaces", "allowed_organizations",
          "hosted_domain", "user_id", "username", "full_name", "email", "email_verified", "avatar",
          "image_url_pattern", "groups", "custom_attributes", "group_mappings", "user_creation", "auto_join_groups",
          "client_authentication", "email_auto_verification", "extension_grant_type", "connection_timeout_ms",
          "read_timeout_ms", "pkce", "account_linking", "scim_match_attribute", "revision", "created_at",
          "updated_at", "imported_accounts"
        ],
        "properties": {
          "id": {"type": "string", "description": "ours, stable; part of the redirect URI"},
          "type": {"type": "string", "description": "id of the provider"},
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "enabled": {"type": "boolean"},
          "default": {"type": "boolean"},
          "order": {"type": "integer", "minimum": 0, "maximum": 1000000},
          "redirect_uri": {"type": "string", "format": "uri"},
          "client_secret_set": {"type": "boolean"},
          "button_image_set": {"type": "boolean"},
          "missing": {
            "type": "array",
            "items": {"type": "string"},
            "description": "settings to fill in before it can be enabled"
          },
          "warnings": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["field", "code", "message"],
              "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
              "additionalProperties": false
            },
            "description": "what keeps its rules but is doubtful"
          },
          "client_id": {"type": "string"},
          "public_client": {"type": "boolean"},
          "scopes": {"type": "string", "description": "space-separated"},
          "authorization_url": {"type": "string"},
          "token_url": {"type": "string"},
          "user_info_url": {"type": "string"},
          "logout_url": {"type": "string"},
          "email_url": {"type": "string"},
          "avatar_url": {"type": "string"},
          "groups_url": {"type": "string"},
          "issuer": {"type": "string", "description": "OpenID Connect only"},
          "jwks_url": {"type": "string", "description": "OpenID Connect only"},
          "server_url": {"type": "string", "description": "fills {server_url} and {api_url} in URLs"},
          "realm": {"type": "string", "description": "fills {realm}", "maxLength": 255},
          "tenant": {"type": "string", "description": "fills {tenant}"},
          "okta_domain": {"type": "string", "description": "fills {okta_domain}: a host name"},
          "allowed_workspaces": {"type": "array", "items": {"type": "string"}, "description": "slugs; none: everybody"},
          "allowed_organizations": {"type": "array", "items": {"type": "string"}, "description": "logins; none: everybody"},
          "hosted_domain": {"type": "string", "description": "domains between spaces or commas; none: everybody"},
          "user_id": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "username": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "full_name": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "email": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "email_verified": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "avatar": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "image_url_pattern": {"type": "string", "description": "https, exactly one <picture-id>"},
          "groups": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "custom_attributes": {
            "type": "object",
            "maxProperties": 64,
            "additionalProperties": {"type": "string", "description": "attribute path", "maxLength": 1024},
            "description": "name to attribute path"
          },
          "group_mappings": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["external_group", "group"],
              "properties": {"external_group": {"type": "string"}, "group": {"type": "string", "description": "id of a group here"}},
              "additionalProperties": false
            }
          },
          "user_creation": {"type": "boolean"},
          "auto_join_groups": {"type": "array", "items": {"type": "string"}, "description": "ids of groups"},
          "client_authentication": {"enum": ["basic", "post"]},
          "email_auto_verification": {"type": "boolean"},
          "extension_grant_type": {"type": "string", "maxLength": 255},
          "connection_timeout_ms": {"type": "integer", "minimum": 0},
          "read_timeout_ms": {"type": "integer", "minimum": 0},
          "pkce": {"enum": ["required", "auto", "off"]},
          "account_linking": {"enum": ["verified_email", "never"]},
          "scim_match_attribute": {"enum": ["userName", "externalId", "emails.value"]},
          "revision": {"type": "integer", "minimum": 1},
          "created_at": {"type": "string", "format": "date-time"},
          "updated_at": {"type": "string", "format": "date-time"},
          "imported_accounts": {
            "type": "integer",
            "minimum": 0,
            "description": "existing accounts that logins through this module created"
          }
        },
        "additionalProperties": false,
        "description": "A module with all its settings in one flat object."
      },
      "NewModule": {
        "type": "object",
        "required": ["type", "name"],
        "properties": {
          "type": {"type": "string", "description": "id of the provider"},
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "default": {"type": "boolean"},
          "order": {"type": "integer", "minimum": 0, "maximum": 1000000},
          "client_secret": {
            "type": ["string", "null"],
            "maxLength": 4096,
            "writeOnly": true,
            "description": "never given back; null or \"\" removes it"
          },
          "button_image": {
            "type": ["string", "null"],
            "description": "PNG, JPEG or GIF of at most 256 KiB in base64; null or \"\" removes it",
            "writeOnly": true,
            "contentEncoding": "base64",
            "maxLength": 349528
          },
          "client_id": {"type": ["string", "null"]},
          "public_client": {"type": "boolean"},
          "scopes": {"type": ["string", "null"], "description": "space-separated"},
          "authorization_url": {"type": ["string", "null"]},
          "token_url": {"type": ["string", "null"]},
          "user_info_url": {"type": ["string", "null"]},
          "logout_url": {"type": ["string", "null"]},
          "email_url": {"type": ["string", "null"]},
          "avatar_url": {"type": ["string", "null"]},
          "groups_url": {"type": ["string", "null"]},
          "issuer": {"type": ["string", "null"], "description": "OpenID Connect only"},
          "jwks_url": {"type": ["string", "null"], "description": "OpenID Connect only"},
          "server_url": {"type": ["string", "null"], "description": "fills {server_url} and {api_url} in URLs"},
          "realm": {"type": ["string", "null"], "description": "fills {realm}", "maxLength": 255},
          "tenant": {"type": ["string", "null"], "description": "fills {tenant}"},
          "okta_domain": {"type": ["string", "null"], "description": "fills {okta_domain}: a host name"},
          "allowed_workspaces": {"type": ["array", "null"], "items": {"type": "string"}, "description": "slugs; none: everybody"},
          "allowed_organizations": {"type": ["array", "null"], "items": {"type": "string"}, "description": "logins; none: everybody"},
          "hosted_domain": {"type": ["string", "null"], "description": "domains between spaces or commas; none: everybody"},
          "user_id": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "username": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "full_name": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "email": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "email_verified": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "avatar": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "image_url_pattern": {"type": ["string", "null"], "description": "https, exactly one <picture-id>"},
          "groups": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "custom_attributes": {
            "type": ["object", "null"],
            "maxProperties": 64,
            "additionalProperties": {"type": "string", "description": "attribute path", "maxLength": 1024},
            "description": "name to attribute path"
          },
          "group_mappings": {
            "type": ["array", "null"],
            "items": {
              "type": "object",
              "required": ["external_group", "group"],
              "properties": {"external_group": {"type": "string"}, "group": {"type": "string", "description": "id of a group here"}},
              "additionalProperties": false
            }
          },
          "user_creation": {"type": "boolean"},
          "auto_join_groups": {"type": ["array", "null"], "items": {"type": "string"}, "description": "ids of groups"},
          "client_authentication": {"enum": ["basic", "post"]},
          "email_auto_verification": {"type": "boolean"},
          "extension_grant_type": {"type": ["string", "null"], "maxLength": 255},
          "connection_timeout_ms": {"type": "integer", "minimum": 0},
          "read_timeout_ms": {"type": "integer", "minimum": 0},
          "pkce": {"enum": ["required", "auto", "off"]},
          "account_linking": {"enum": ["verified_email", "never"]},
          "scim_match_attribute": {"enum": ["userName", "externalId", "emails.value"]}
        },
        "additionalProperties": false,
        "description": "What is not given is the provider's default."
      },
      "ModuleChanges": {
        "type": "object",
        "required": ["revision"],
        "properties": {
          "revision": {"type": "integer", "minimum": 1},
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "default": {"type": "boolean"},
          "order": {"type": "integer", "minimum": 0, "maximum": 1000000},
          "client_secret": {
            "type": ["string", "null"],
            "maxLength": 4096,
            "writeOnly": true,
            "description": "never given back; null or \"\" removes it"
          },
          "button_image": {
            "type": ["string", "null"],
            "description": "PNG, JPEG or GIF of at most 256 KiB in base64; null or \"\" removes it",
            "writeOnly": true,
            "contentEncoding": "base64",
            "maxLength": 349528
          },
          "client_id": {"type": ["string", "null"]},
          "public_client": {"type": "boolean"},
          "scopes": {"type": ["string", "null"], "description": "space-separated"},
          "authorization_url": {"type": ["string", "null"]},
          "token_url": {"type": ["string", "null"]},
          "user_info_url": {"type": ["string", "null"]},
          "logout_url": {"type": ["string", "null"]},
          "email_url": {"type": ["string", "null"]},
          "avatar_url": {"type": ["string", "null"]},
          "groups_url": {"type": ["string", "null"]},
          "issuer": {"type": ["string", "null"], "description": "OpenID Connect only"},
          "jwks_url": {"type": ["string", "null"], "description": "OpenID Connect only"},
          "server_url": {"type": ["string", "null"], "description": "fills {server_url} and {api_url} in URLs"},
          "realm": {"type": ["string", "null"], "description": "fills {realm}", "maxLength": 255},
          "tenant": {"type": ["string", "null"], "description": "fills {tenant}"},
          "okta_domain": {"type": ["string", "null"], "description": "fills {okta_domain}: a host name"},
          "allowed_workspaces": {"type": ["array", "null"], "items": {"type": "string"}, "description": "slugs; none: everybody"},
          "allowed_organizations": {"type": ["array", "null"], "items": {"type": "string"}, "description": "logins; none: everybody"},
          "hosted_domain": {"type": ["string", "null"], "description": "domains between spaces or commas; none: everybody"},
          "user_id": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "username": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "full_name": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "email": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "email_verified": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "avatar": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "image_url_pattern": {"type": ["string", "null"], "description": "https, exactly one <picture-id>"},
          "groups": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
          "custom_attributes": {
            "type": ["object", "null"],
            "maxProperties": 64,
            "additionalProperties": {"type": "string", "description": "attribute path", "maxLength": 1024},
            "description": "name to attribute path"
          },
          "group_mappings": {
            "type": ["array", "null"],
            "items": {
              "type": "object",
              "required": ["external_group", "group"],
              "properties": {"external_group": {"type": "string"}, "group": {"type": "string", "description": "id of a group here"}},
              "additionalProperties": false
            }
          },
          "user_creation": {"type": "boolean"},
          "auto_join_groups": {"type": ["array", "null"], "items": {"type": "string"}, "description": "ids of groups"},
          "client_authentication": {"enum": ["basic", "post"]},
          "email_auto_verification": {"type": "boolean"},
          "extension_grant_type": {"type": ["string", "null"], "maxLength": 255},
          "connection_timeout_ms": {"type": "integer", "minimum": 0},
          "read_timeout_ms": {"type": "integer", "minimum": 0},
          "pkce": {"enum": ["required", "auto", "off"]},
          "account_linking": {"enum": ["verified_email", "never"]},
          "scim_match_attribute": {"enum": ["userName", "externalId", "emails.value"]},
          "id": {"type": "string", "description": "ours, stable; part of the redirect URI", "readOnly": true},
          "type": {"type": "string", "description": "id of the provider", "readOnly": true},
          "enabled": {"type": "boolean", "readOnly": true},
          "redirect_uri": {"type": "string", "format": "uri", "readOnly": true},
          "client_secret_set": {"type": "boolean", "readOnly": true},
          "missing": {
            "type": "array",
            "items": {"type": "string"},
            "description": "settings to fill in before it can be enabled",
            "readOnly": true
          },
          "warnings": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["field", "code", "message"],
              "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
              "additionalProperties": false
            },
            "description": "what keeps its rules but is doubtful",
            "readOnly": true
          },
          "created_at": {"type": "string", "format": "date-time", "readOnly": true},
          "updated_at": {"type": "string", "format": "date-time", "readOnly": true},
          "imported_accounts": {
            "type": "integer",
            "minimum": 0,
            "description": "existing accounts that logins through this module created",
            "readOnly": true
          },
          "button_image_set": {"type": "boolean", "readOnly": true}
        },
        "additionalProperties": false,
        "description": "A JSON merge patch (RFC 7396) with the revision that was read. \"\", [] and null clear. Read-only members may come back unchanged."
      },
      "Settings": {
        "type": "object",
        "required": [
          "client_id", "public_client", "scopes", "authorization_url", "token_url", "user_info_url", "logout_url",
          "email_url", "avatar_url", "groups_url", "issuer", "jwks_url", "server_url", "realm", "tenant",
          "okta_domain", "allowed_workspaces", "allowed_organizations", "hosted_domain", "user_id", "username",
          "full_name", "email", "email_verified", "avatar", "image_url_pattern", "groups", "custom_attributes",
          "group_mappings", "user_creation", "auto_join_groups", "client_authentication", "email_auto_verification",
          "extension_grant_type", "connection_timeout_ms", "read_timeout_ms", "pkce", "account_linking",
          "scim_match_attribute"
        ],
        "properties": {
          "client_id": {"type": "string"},
          "public_client": {"type": "boolean"},
          "scopes": {"type": "string", "description": "space-separated"},
          "authorization_url": {"type": "string"},
          "token_url": {"type": "string"},
          "user_info_url": {"type": "string"},
          "logout_url": {"type": "string"},
          "email_url": {"type": "string"},
          "avatar_url": {"type": "string"},
          "groups_url": {"type": "string"},
          "issuer": {"type": "string", "description": "OpenID Connect only"},
          "jwks_url": {"type": "string", "description": "OpenID Connect only"},
          "server_url": {"type": "string", "description": "fills {server_url} and {api_url} in URLs"},
          "realm": {"type": "string", "description": "fills {realm}", "maxLength": 255},
          "tenant": {"type": "string", "description": "fills {tenant}"},
          "okta_domain": {"type": "string", "description": "fills {okta_domain}: a host name"},
          "allowed_workspaces": {"type": "array", "items": {"type": "string"}, "description": "slugs; none: everybody"},
          "allowed_organizations": {"type": "array", "items": {"type": "string"}, "description": "logins; none: everybody"},
          "hosted_domain": {"type": "string", "description": "domains between spaces or commas; none: everybody"},
          "user_id": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "username": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "full_name": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "email": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "email_verified": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "avatar": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "image_url_pattern": {"type": "string", "description": "https, exactly one <picture-id>"},
          "groups": {"type": "string", "description": "attribute path", "maxLength": 1024},
          "custom_attributes": {
            "type": "object",
            "maxProperties": 64,
            "additionalProperties": {"type": "string", "description": "attribute path", "maxLength": 1024},
            "description": "name to attribute path"
          },
          "group_mappings": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["external_group", "group"],
              "properties": {"external_group": {"type": "string"}, "group": {"type": "string", "description": "id of a group here"}},
              "additionalProperties": false
            }
          },
          "user_creation": {"type": "boolean"},
          "auto_join_groups": {"type": "array", "items": {"type": "string"}, "description": "ids of groups"},
          "client_authentication": {"enum": ["basic", "post"]},
          "email_auto_verification": {"type": "boolean"},
          "extension_grant_type": {"type": "string", "maxLength": 255},
          "connection_timeout_ms": {"type": "integer", "minimum": 0},
          "read_timeout_ms": {"type": "integer", "minimum": 0},
          "pkce": {"enum": ["required", "auto", "off"]},
          "account_linking": {"enum": ["verified_email", "never"]},
          "scim_match_attribute": {"enum": ["userName", "externalId", "emails.value"]}
        },
        "additionalProperties": false,
        "description": "Settings without what belongs to one module."
      },
      "Provider": {
        "type": "object",
        "required": ["id", "label", "icon_svg", "set_up", "defaults", "extra_settings"],
        "properties": {
          "id": {"type": "string"},
          "label": {"type": "string"},
          "icon_svg": {"type": ["string", "null"]},
          "set_up": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["title", "text"],
              "properties": {"title": {"type": "string"}, "text": {"type": "string"}},
              "additionalProperties": false
            }
          },
          "defaults": {"$ref": "#/components/schemas/Settings"},
          "extra_settings": {
            "type": "array",
            "items": {"type": "string"},
            "description": "settings that this provider has beyond those of every module"
          }
        },
        "additionalProperties": false
      },
      "Account": {
        "type": "object",
        "required": [
          "id", "username", "full_name", "email", "email_verified", "avatar", "banned", "ban_reason",
          "created_by_module", "revision", "created_at", "updated_at"
        ],
        "properties": {
          "id": {"type": "string"},
          "username": {"type": "string"},
          "full_name": {"type": "string"},
          "email": {"type": ["string", "null"]},
          "email_verified": {"type": "boolean"},
          "avatar": {"type": ["string", "null"]},
          "banned": {"type": "boolean"},
          "ban_reason": {"type": ["string", "null"]},
          "created_by_module": {"type": ["string", "null"]},
          "revision": {"type": "integer", "minimum": 1},
          "created_at": {"type": "string", "format": "date-time"},
          "updated_at": {"type": "string", "format": "date-time"}
        },
        "additionalProperties": false
      },
      "AccountDetails": {
        "type": "object",
        "required": [
          "id", "username", "full_name", "email", "email_verified", "avatar", "banned", "ban_reason",
          "created_by_module", "revision", "created_at", "updated_at", "groups", "custom_attributes", "links"
        ],
        "properties": {
          "id": {"type": "string"},
          "username": {"type": "string"},
          "full_name": {"type": "string"},
          "email": {"type": ["string", "null"]},
          "email_verified": {"type": "boolean"},
          "avatar": {"type": ["string", "null"]},
          "banned": {"type": "boolean"},
          "ban_reason": {"type": ["string", "null"]},
          "created_by_module": {"type": ["string", "null"]},
          "revision": {"type": "integer", "minimum": 1},
          "created_at": {"type": "string", "format": "date-time"},
          "updated_at": {"type": "string", "format": "date-time"},
          "groups": {"type": "array", "items": {"type": "string"}, "description": "names"},
          "custom_attributes": {"type": "object", "additionalProperties": {"type": "string"}},
          "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
        },
        "additionalProperties": false
      },
      "NewAccount": {
        "type": "object",
        "required": ["username"],
        "properties": {
          "username": {"type": "string", "minLength": 1, "maxLength": 255},
          "full_name": {"type": ["string", "null"], "maxLength": 1020},
          "email": {"type": ["string", "null"], "maxLength": 254},
          "email_verified": {"type": "boolean"}
        },
        "additionalProperties": false
      },
      "AccountChanges": {
        "type": "object",
        "properties": {
          "banned": {"type": "boolean"},
          "ban_reason": {"type": ["string", "null"], "maxLength": 1000},
          "email_verified": {"type": "boolean"},
          "revision": {
            "type": "integer",
            "minimum": 1,
            "description": "refuse the change if the account is not this one any more"
          }
        },
        "additionalProperties": false
      },
      "Group": {
        "type": "object",
        "required": ["id", "name", "members", "built_in"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "members": {"type": "integer", "minimum": 0},
          "built_in": {"type": "boolean"}
        },
        "additionalProperties": false
      },
      "NewGroup": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 255}},
        "additionalProperties": false
      },
      "AuditRow": {
        "type": "object",
        "required": ["number", "at", "author", "address", "event", "target", "module", "field", "old", "new", "reason"],
        "properties": {
          "number": {"type": "integer", "minimum": 1},
          "at": {"type": "string", "format": "date-time"},
          "author": {
            "type": "string",
            "description": "account id, `admin-token`, `login`, `service:<id>`, `scim:<client>` or `system`"
          },
          "address": {"type": ["string", "null"]},
          "event": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
          "target": {"type": ["string", "null"]},
          "module": {"type": ["string", "null"]},
          "field": {"type": ["string", "null"]},
          "old": {"type": ["string", "null"]},
          "new": {"type": ["string", "null"]},
          "reason": {"type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]*$"}
        },
        "additionalProperties": false
      },
      "AuditRows": {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
          "items": {"type": "array", "items": {"$ref": "#/components/schemas/AuditRow"}},
          "next": {"type": ["integer", "null"], "description": "send it as `before` to go on"}
        },
        "additionalProperties": false
      },
      "Session": {
        "type": "object",
        "required": ["author", "name", "csrf"],
        "properties": {
          "author": {"type": "string"},
          "name": {"type": "string"},
          "csrf": {
            "type": ["string", "null"],
            "description": "goes back in `X-CSRF-Token` with every change; null: the admin token itself came along"
          }
        },
        "additionalProperties": false
      },
      "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
          "error": {
            "type": "object",
            "required": ["code", "field", "offset", "message"],
            "properties": {
              "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
              "field": {"type": ["string", "null"]},
              "offset": {"type": ["integer", "null"], "minimum": 0, "description": "byte of the field's text"},
              "message": {"type": "string"}
            },
            "additionalProperties": false
          }
        },
        "additionalProperties": false
      },
      "Link": {
        "type": "object",
        "required": ["module_id", "user_id", "created_at", "last_login_at"],
        "properties": {
          "module_id": {"type": "string"},
          "user_id": {"type": "string", "description": "the person at the provider"},
          "created_at": {"type": "string", "format": "date-time"},
          "last_login_at": {"type": "string", "format": "date-time"}
        },
        "additionalProperties": false
      },
      "Service": {
        "type": "object",
        "required": ["id", "name", "modules", "created_at"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "modules": {"type": "array", "items": {"type": "string"}, "description": "ids of the modules it may use"},
          "created_at": {"type": "string", "format": "date-time"}
        },
        "additionalProperties": false,
        "description": "A program that may call the token endpoint."
      },
      "NewService": {
        "type": "object",
        "required": ["name"],
        "properties": {
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "modules": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 1000}
        },
        "additionalProperties": false
      },
      "MadeService": {
        "type": "object",
        "required": ["id", "name", "modules", "created_at", "secret"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "modules": {"type": "array", "items": {"type": "string"}, "description": "ids of the modules it may use"},
          "created_at": {"type": "string", "format": "date-time"},
          "secret": {"type": "string", "description": "shown this once"}
        },
        "additionalProperties": false
      },
      "ScimClient": {
        "type": "object",
        "required": ["id", "name", "module", "created_at", "tokens", "users", "groups"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "module": {"type": "string", "description": "id of the module through which its people log in"},
          "created_at": {"type": "string", "format": "date-time"},
          "tokens": {
            "type": "array",
            "description": "newest first",
            "items": {
              "type": "object",
              "required": ["id", "created_at"],
              "properties": {"id": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"}},
              "additionalProperties": false
            }
          },
          "users": {"type": "integer", "description": "that it provisions"},
          "groups": {"type": "integer"}
        },
        "additionalProperties": false
      },
      "ScimRequest": {
        "type": "object",
        "required": ["at", "method", "path", "status", "error", "duration_ms"],
        "properties": {
          "at": {"type": "string", "format": "date-time"},
          "method": {"type": "string", "description": "cut, and in ASCII, as path is"},
          "path": {"type": "string", "description": "without its query, at most 128 bytes; other bytes than printable ASCII as \\xHH"},
          "status": {"type": "integer"},
          "error": {"type": ["string", "null"], "description": "scimType of a refusal that has one"},
          "duration_ms": {"type": "integer", "minimum": 0}
        },
        "additionalProperties": false
      },
      "MadeScimClient": {
        "type": "object",
        "required": ["id", "name", "module", "created_at", "token", "token_id"],
        "properties": {
          "id": {"type": "string"},
          "name": {"type": "string"},
          "module": {"type": "string", "description": "id of the module through which its people log in"},
          "created_at": {"type": "string", "format": "date-time"},
          "token": {"type": "string", "description": "shown this once"},
          "token_id": {"type": "string", "description": "by which it can be revoked"}
        },
        "additionalProperties": false
      },
      "NewScimClient": {
        "type": "object",
        "required": ["name", "module"],
        "properties": {
          "name": {"type": "string", "minLength": 1, "maxLength": 255},
          "module": {"type": "string", "description": "id of a module that is there"}
        },
        "additionalProperties": false
      },
      "NewScimToken": {
        "type": "object",
        "required": ["id", "token", "token_id"],
        "properties": {
          "id": {"type": "string"},
          "token": {"type": "string", "description": "shown this once"},
          "token_id": {"type": "string", "description": "by which it can be revoked"}
        },
        "additionalProperties": false
      },
      "MappedFields": {
        "type": "object",
        "required": ["user_id", "username", "full_name", "email", "email_verified", "avatar", "groups", "custom_attributes"],
        "properties": {
          "user_id": {"type": ["string", "null"]},
          "username": {"type": ["string", "null"]},
          "full_name": {"type": ["string", "null"]},
          "email": {"type": ["string", "null"]},
          "email_verified": {"type": ["boolean", "null"]},
          "avatar": {"type": ["string", "null"]},
          "groups": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "null: the provider tells nothing of groups"
          },
          "custom_attributes": {"type": "object", "additionalProperties": {"type": "string"}}
        },
        "additionalProperties": false,
        "description": "What the paths find; null: nothing."
      },
      "TestStep": {
        "type": "object",
        "required": ["name", "status", "code", "message", "cure", "http_status", "request", "answer"],
        "properties": {
          "name": {
            "enum": ["authorization", "token", "profile", "email", "groups", "membership", "avatar", "mapping", "account"]
          },
          "status": {"enum": ["ok", "failed", "skipped"]},
          "code": {"type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]*$"},
          "message": {"type": ["string", "null"]},
          "cure": {"type": ["string", "null"]},
          "http_status": {"type": ["integer", "null"]},
          "request": {"type": ["string", "null"]},
          "answer": {"type": ["string", "null"], "description": "what the provider answered, without tokens, codes and secrets"}
        },
        "additionalProperties": false
      },
      "TestReport": {
        "type": "object",
        "required": ["ok", "steps", "fields", "outcome", "documents", "at", "author"],
        "properties": {
          "ok": {"type": "boolean"},
          "steps": {"type": "array", "items": {"$ref": "#/components/schemas/TestStep"}},
          "fields": {"anyOf": [{"$ref": "#/components/schemas/MappedFields"}, {"type": "null"}]},
          "outcome": {"type": "string", "description": "would create, link to, refresh or refuse whom"},
          "documents": {
            "type": "object",
            "required": ["profile", "emails", "groups"],
            "properties": {
              "profile": {"type": ["string", "null"]},
              "emails": {"type": "array", "items": {"type": "string"}},
              "groups": {"type": "array", "items": {"type": "string"}}
            },
            "additionalProperties": false,
            "description": "answers as received, for the preview of paths"
          },
          "at": {"type": "string", "format": "date-time"},
          "author": {"type": "string"}
        },
        "additionalProperties": false
      },
      "PreviewRequest": {
        "type": "object",
        "properties": {
          "module": {"type": "string", "description": "id of a module"},
          "type": {"type": "string", "description": "id of a provider, instead of a module"},
          "profile": {"type": ["object", "array", "string", "null"], "description": "JSON, or its text"},
          "email_doc": {"type": ["object", "array", "string", "null"], "description": "JSON, or its text"},
          "groups_doc": {"type": ["object", "array", "string", "null"], "description": "JSON, or its text"},
          "last_test": {"type": "boolean", "description": "take the answers of the last test login instead of documents"},
          "paths": {
            "type": "object",
            "properties": {
              "user_id": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "username": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "full_name": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "email": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "email_verified": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "avatar": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "groups": {"type": ["string", "null"], "description": "attribute path", "maxLength": 1024},
              "image_url_pattern": {"type": ["string", "null"], "description": "https, exactly one <picture-id>"},
              "custom_attributes": {
                "type": ["object", "null"],
                "maxProperties": 64,
                "additionalProperties": {"type": "string", "description": "attribute path", "maxLength": 1024},
                "description": "name to attribute path"
              }
            },
            "additionalProperties": false,
            "description": "laid over the module's or the provider's"
          }
        },
        "additionalProperties": false
      },
      "Preview": {
        "type": "object",
        "required": ["fields", "errors", "document_errors", "user_id_refused"],
        "properties": {
          "fields": {"$ref": "#/components/schemas/MappedFields"},
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["field", "reason", "offset", "message"],
              "properties": {
                "field": {"type": "string"},
                "reason": {"type": "string"},
                "offset": {"type": "integer", "minimum": 0},
                "message": {"type": "string"}
              },
              "additionalProperties": false
            },
            "description": "of paths"
          },
          "document_errors": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["document", "reason", "offset", "message"],
              "properties": {
                "document": {"enum": ["profile", "email_doc", "groups_doc"]},
                "reason": {"type": "string"},
                "offset": {"type": "integer", "minimum": 0},
                "message": {"type": "string"}
              },
              "additionalProperties": false
            }
          },
          "user_id_refused": {"type": ["string", "null"], "description": "why a login would be refused"}
        },
        "additionalProperties": false
      },
      "GrantError": {
        "type": "object",
        "required": ["error", "error_description"],
        "properties": {
          "error": {
            "type": "string",
            "enum": [
              "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
              "invalid_scope", "invalid_target", "temporarily_unavailable"
            ]
          },
          "error_description": {"type": "string"}
        },
        "additionalProperties": false,
        "description": "RFC 6749 5.2, RFC 8693 2.2.2"
      },
      "Token": {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
          "access_token": {"type": "string", "minLength": 43, "maxLength": 43},
          "issued_token_type": {"const": "urn:ietf:params:oauth:token-type:access_token"},
          "token_type": {"const": "Bearer"},
          "expires_in": {"const": 3600},
          "scope": {"type": "string"}
        },
        "additionalProperties": false
      }
    }
  }
}
)openapi";

} // namespace authmod
