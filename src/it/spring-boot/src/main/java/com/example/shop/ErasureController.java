package com.example.shop;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.erase.EraseBusyException;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.NoSuchPersonException;
import javax.sql.DataSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ErasureController {

    private final CascadeCleanup cleanup;

    ErasureController(DataSource dataSource) {
        cleanup = CascadeCleanup.of(dataSource);
    }

    @DeleteMapping("/users/{id}/permanently")
    String erase(@PathVariable String id) {
        return cleanup.erase(id, EraseOptions.defaults()).toJson();
    }

    @ExceptionHandler(NoSuchPersonException.class)
    @ResponseStatus(HttpStatus.NOT_FOUND)
    void nobody() {}

    @ExceptionHandler(EraseBusyException.class)
    @ResponseStatus(HttpStatus.CONFLICT)
    void alreadyAtIt() {}
}
